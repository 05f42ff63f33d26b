"""What is known of words, sentences and languages."""
