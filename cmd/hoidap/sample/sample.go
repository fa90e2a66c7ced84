// Package sample is the campaigns and offers of Lụa, a clothing shop that does not exist: what the demo shows, and a
// folder to copy from.
package sample

import "embed"

// FS holds the files.
//
//go:embed *.yaml
var FS embed.FS
