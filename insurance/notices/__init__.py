"""What a holder began to write about a loss and has not sent yet: kept until it is, or too late."""
