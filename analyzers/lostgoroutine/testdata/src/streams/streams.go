// Package streams has handlers that pass on what a goroutine has to tell, step by step.
package streams

import (
	"context"
	"encoding/json"
	"io"

	"github.com/gin-gonic/gin"
)

type job struct{ steps []string }

func (j job) run(ctx context.Context, tell func(string)) error {
	for _, s := range j.steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		tell(s)
	}
	return nil
}

// When the client has gone, nobody hears what the job tells.
func (j job) progress(c *gin.Context) {
	news := make(chan any)
	go func() {
		defer close(news)
		err := j.run(c.Request.Context(), func(s string) {
			news <- s // want `this send blocks forever once progress returns: nobody receives from news and it has no buffer`
		})
		if err != nil {
			news <- err.Error() // want `this send blocks forever once progress returns: nobody receives from news and it has no buffer`
		}
	}()
	stream(c, news)
}

func stream(c *gin.Context, news chan any) {
	c.Stream(func(w io.Writer) bool {
		n, ok := <-news
		if !ok {
			return false
		}
		return json.NewEncoder(w).Encode(n) == nil
	})
}

// Nobody is left behind who asks whether the client is there.
func (j job) progressUntilGone(c *gin.Context) {
	ctx := c.Request.Context()
	news := make(chan any)
	go func() {
		defer close(news)
		j.run(ctx, func(s string) {
			select {
			case news <- s:
			case <-ctx.Done():
			}
		})
	}()
	stream(c, news)
}

// One that has room for its only message is not, either.
func (j job) outcome(c *gin.Context) {
	done := make(chan any, 1)
	go func() {
		done <- j.run(c.Request.Context(), func(string) {})
	}()
	stream(c, done)
}

// What is left is read here.
func (j job) progressToTheEnd(c *gin.Context) {
	news := make(chan any)
	go func() {
		defer close(news)
		for _, s := range j.steps {
			news <- s
		}
	}()
	defer func() {
		for range news {
		}
	}()
	stream(c, news)
}

// Code out of sight that can only send to a channel does not help who sends to it, too.
type engine interface {
	Complete(ctx context.Context, prompt string, tell func(string)) error
}

func complete(c *gin.Context, e engine, prompt string) {
	parts := make(chan any)
	go func() {
		defer close(parts)
		if err := e.Complete(c.Request.Context(), prompt, func(s string) { parts <- s }); err != nil {
			parts <- err // want `this send blocks forever once complete returns: nobody receives from parts and it has no buffer`
		}
	}()
	stream(c, parts)
}

// Who receives may get what others send.
func completeFirst(ctx context.Context, e engine, prompt string) string {
	part := make(chan string, 1)
	go e.Complete(ctx, prompt, func(s string) {
		select {
		case part <- s:
		default:
		}
	})
	return <-part
}

// Here others may receive as well.
func completeWith(c *gin.Context, e interface {
	Complete(tell func(string) <-chan any) error
}) {
	parts := make(chan any)
	go func() {
		defer close(parts)
		if err := e.Complete(func(s string) <-chan any { parts <- s; return parts }); err != nil {
			parts <- err
		}
	}()
	stream(c, parts)
}
