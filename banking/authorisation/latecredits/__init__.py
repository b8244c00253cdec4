"""Money that comes for a wallet after its owner closed it: it waits, and leaves by the rail."""
