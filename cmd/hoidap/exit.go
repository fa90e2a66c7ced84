package main

// exitError carries the exit code that a command ends with: 1 failed, 2 wrong usage or invalid input.
type exitError struct {
	code int
	err  error
}

func (e exitError) Error() string { return e.err.Error() }

func (e exitError) Unwrap() error { return e.err }
