// Package errgroup stands for the real one.
package errgroup

import "context"

type Group struct{ err error }

func WithContext(ctx context.Context) (*Group, context.Context) { return &Group{}, ctx }

func (g *Group) Go(f func() error) { go f() }

func (g *Group) Wait() error { return g.err }
