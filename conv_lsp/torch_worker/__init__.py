"""Programs that run in the user's interpreter: all of the project that imports torch.

They are files for `python FILE`, and import nothing of the project.
"""
