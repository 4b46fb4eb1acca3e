"""What fgrad tells at the prompt."""
