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
