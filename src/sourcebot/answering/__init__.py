"""From a question to a reply, in the order of the flow."""
