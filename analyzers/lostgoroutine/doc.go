// Package lostgoroutine reports goroutines that can never end.
//
// # Analyzer lostgoroutine
//
// lostgoroutine: report goroutines that block forever
package lostgoroutine
