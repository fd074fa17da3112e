package main

import "context"

type (
	Key1 struct{}
	Key2 struct{}
	Key3 struct{}
	Key4 struct{}
)

func main() {
	ctx := context.WithValue(context.Background(), Key1{}, 1)
	ctx = context.WithValue(ctx, Key2{}, 1)
	ctx = context.WithValue(ctx, Key3{}, 1)
	ctx = context.WithValue(ctx, Key4{}, 1)
	handle(ctx)
}

// Nobody imports a program: all who know its keys are here.
func handle(ctx context.Context) {
	n, _ := ctx.Value(Key1{}).(string) // want `assertion to string always fails: the value stored under Key1\{\} has type int`
	_ = n
}
