// Package hotescape is the check hotescape.
//
// # Analyzer hotescape
//
// hotescape: find loops that allocate for no good reason
//
// (draft)
package hotescape
