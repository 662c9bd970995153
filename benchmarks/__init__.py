"""What the program costs, measured as ratios against a peer or a limit in the same run."""
