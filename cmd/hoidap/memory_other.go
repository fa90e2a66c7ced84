//go:build !linux

package main

// wantHugePages does nothing: there is no way to ask.
func wantHugePages() {}
