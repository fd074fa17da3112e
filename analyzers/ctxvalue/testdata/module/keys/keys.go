// Package keys has the keys of a program.
package keys

type Key string

const User Key = "user"
