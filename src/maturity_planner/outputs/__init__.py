"""Results as plain data for `--json` and for the files we write.

One module for each kind of result; `output_shapes` holds their schemas, and a test keeps the two
in step.
"""
