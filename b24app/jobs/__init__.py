"""What runs without anybody waiting: one module per job, named by what it does."""
