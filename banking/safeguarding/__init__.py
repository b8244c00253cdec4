"""What customers' money must be kept safe, and what is: computed every day, topped up by two people."""
