package streams

import (
	"bytes"
	"context"
	"encoding/csv"
	"io"
	"net/http"
)

// An archive keeps what it reads, and is not asked to close it.
type archive interface {
	Keep(ctx context.Context, name string, from io.Reader) error
	KeepAndClose(name string, from io.ReadCloser) error
}

type table struct{ rows [][]string }

func (t *table) write(w io.Writer) error { return csv.NewWriter(w).WriteAll(t.rows) }

// When the archive refuses the name, nobody reads what is written.
func (t *table) Archive(ctx context.Context, to archive) error {
	if err := to.Keep(ctx, "table", t.rendered()); err != nil { // want `the goroutine started at line 31 blocks forever in its write to the pipe if this call of Keep returns before it has read all: nobody closes the reader`
		return err
	}
	return nil
}

func (t *table) rendered() *io.PipeReader {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	return pr
}

// The client may go.
func (t *table) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	pr, pw := io.Pipe()
	go func() {
		defer pw.Close()
		t.write(pw)
	}()
	io.Copy(w, pr) // want `the goroutine started at line 40 blocks forever in its write to the pipe if this call of Copy returns before it has read all: nobody closes the reader`
}

// Here the writer gets to know.
func (t *table) serveClosed(w http.ResponseWriter, r *http.Request) {
	pr, pw := io.Pipe()
	defer pr.Close()
	go func() {
		defer pw.Close()
		t.write(pw)
	}()
	io.Copy(w, pr)
}

func (t *table) archiveClosed(ctx context.Context, to archive) error {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	err := to.Keep(ctx, "table", pr)
	pr.CloseWithError(err)
	return err
}

// It is closed for it.
func (t *table) archiveGiven(to archive) error {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	return to.KeepAndClose("table", pr)
}

// A request closes its body.
func (t *table) post(ctx context.Context, to string) (*http.Response, error) {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, to, pr)
	if err != nil {
		return nil, err
	}
	return http.DefaultClient.Do(req)
}

// A buffer takes all that there is.
func (t *table) text() string {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	var b bytes.Buffer
	io.Copy(&b, pr)
	return b.String()
}

// Who reads from it may close it.
func (t *table) Reader() io.Reader {
	pr, pw := io.Pipe()
	go func() {
		pw.CloseWithError(t.write(pw))
	}()
	return pr
}

// Nothing is written that could wait.
func (t *table) signal(ctx context.Context, to archive) error {
	pr, pw := io.Pipe()
	go func() {
		<-ctx.Done()
		pw.CloseWithError(ctx.Err())
	}()
	return to.Keep(ctx, "end", pr)
}
