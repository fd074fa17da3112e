// Package dirtypool reports pooled objects that carry data from one user to the next.
//
// # Analyzer dirtypool
//
// dirtypool: pooled object carries data to its next user
package dirtypool
