"""Files of the portal: contents, Disk storages and folders."""
