"""From labelled sentence windows to the reader's weights (`python -m training.train`)."""
