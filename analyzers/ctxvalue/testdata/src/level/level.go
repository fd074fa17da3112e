// Package level has a type that is no key type.
package level

type Level int

const Info Level = 1

func (l Level) Enabled(other Level) bool { return other >= l }

func (l Level) String() string { return "level" }
