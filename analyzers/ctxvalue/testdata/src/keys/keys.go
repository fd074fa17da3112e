// Package keys offers keys to other packages.
package keys

type Key string

const User Key = "user"

type Marker struct{}

type contextKey struct{ name string }

var Server = &contextKey{"server"}

var Shared = Key("shared")
