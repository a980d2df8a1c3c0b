// APIServer is not reached yet; docs/architecture.md says what it will hold.
