// Package routes counts by what a request has asked for.
package routes

import (
	"context"
	"path"
	"sync"

	"github.com/gin-gonic/gin"
	"google.golang.org/grpc"
)

type user struct{ name string }

type userKey struct{}

type tally struct {
	mu    sync.Mutex
	calls map[string]int
	users map[string]int
	paths map[string]int
	hosts map[string]int
}

func (t *tally) count(ctx context.Context, req any, info *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	u, _ := ctx.Value(userKey{}).(*user)
	t.mu.Lock()
	t.calls[path.Base(info.FullMethod)]++
	if u != nil {
		t.users[u.name]++ // want `users only grows: count adds a key to it for every request`
	}
	t.mu.Unlock()
	return next(ctx, req)
}

func (t *tally) page(c *gin.Context) {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.paths[c.FullPath()]++
	t.hosts[c.ClientIP()]++ // want `hosts only grows: page adds a key to it for every request`
}
