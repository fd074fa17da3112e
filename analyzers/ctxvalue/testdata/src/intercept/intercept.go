// Package intercept has a gRPC service behind an interceptor that stores who calls.
package intercept

import (
	"context"
	"errors"

	"google.golang.org/grpc"
)

type (
	callerKey struct{}
	tenantKey struct{}
	quotaKey  struct{}

	// UnimplementedNotesServer is generated.
	UnimplementedNotesServer struct{}

	notes struct {
		UnimplementedNotesServer
		byOwner map[string][]string
	}

	AddRequest  struct{ Text string }
	AddResponse struct{ Count int }
)

func (UnimplementedNotesServer) Add(context.Context, *AddRequest) (*AddResponse, error) { return nil, nil }
func (UnimplementedNotesServer) Take(context.Context, *AddRequest) (*AddResponse, error) {
	return nil, nil
}
func (UnimplementedNotesServer) Drop(context.Context, *AddRequest) (*AddResponse, error) {
	return nil, nil
}
func (UnimplementedNotesServer) Move(context.Context, *AddRequest) (*AddResponse, error) {
	return nil, nil
}

func authorize(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	if info.FullMethod == "/Notes/Ping" {
		return handler(ctx, req)
	}
	ctx, err := authorized(ctx)
	if err != nil {
		return nil, err
	}
	return handler(ctx, req)
}

func authorized(ctx context.Context) (context.Context, error) {
	if ctx.Err() != nil {
		return ctx, errors.New("who is that?")
	}
	return context.WithValue(ctx, callerKey{}, "somebody"), nil
}

// What is done for all methods finds the caller or not.
func audit(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	if who, ok := ctx.Value(callerKey{}).(string); ok {
		record(who, info.FullMethod)
	}
	return resp, err
}

func record(who, what string) {}

// The methods of the service find it.
func (n *notes) Add(ctx context.Context, in *AddRequest) (*AddResponse, error) {
	who := ctx.Value(callerKey{}).(string)
	n.byOwner[who] = append(n.byOwner[who], in.Text)
	return &AddResponse{Count: len(n.byOwner[who])}, nil
}

func (n *notes) Drop(ctx context.Context, in *AddRequest) (*AddResponse, error) {
	who, ok := ctx.Value(callerKey{}).(string)
	if !ok {
		return nil, errors.New("nobody")
	}
	n.byOwner[who] = nil
	return &AddResponse{}, nil
}

// So do they what a method of the interceptor stores by way of an exported function.
type guard struct{ quotas map[string]int }

// WithQuota stores how much there is left.
func WithQuota(ctx context.Context, left int) context.Context { // want WithQuota:"derives"
	return context.WithValue(ctx, quotaKey{}, left)
}

func (g *guard) stream(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return handler(g.limited(ctx, info.FullMethod), req)
}

func (g *guard) limited(ctx context.Context, method string) context.Context {
	if left, ok := g.quotas[method]; ok {
		return WithQuota(ctx, left)
	}
	return WithQuota(ctx, 0)
}

func quotaLeft(ctx context.Context) int {
	if left, ok := ctx.Value(quotaKey{}).(int); ok {
		return left
	}
	return 0
}

func (n *notes) Take(ctx context.Context, in *AddRequest) (*AddResponse, error) { // want Take:"looks up at a risk"
	return &AddResponse{Count: ctx.Value(quotaKey{}).(int)}, nil
}

// Defect: no interceptor stores this one.
func withTenant(ctx context.Context, tenant string) context.Context {
	return context.WithValue(ctx, tenantKey{}, tenant)
}

func tenantOf(ctx context.Context) string {
	if t, ok := ctx.Value(tenantKey{}).(string); ok {
		return t
	}
	return ""
}

func (n *notes) Move(ctx context.Context, in *AddRequest) (*AddResponse, error) {
	tenant := ctx.Value(tenantKey{}).(string) // want `assertion to string panics where the context has no value under tenantKey\{\}, which the package allows for elsewhere`
	n.byOwner[tenant] = nil
	return &AddResponse{}, nil
}

func test(n *notes) {
	ctx := withTenant(context.Background(), "a")
	n.Move(ctx, nil)
	tenantOf(ctx)
}
