"""Pure shipping rules: the order of scans, and the bars on a label."""
