package final

import (
	"net/http"
	"runtime"
	"unsafe"
	"weak"
)

type res struct {
	fd   int
	buf  [8]byte
	next *res
	in   inner
}

type inner struct{ n int }

func (i *inner) stop()       {}
func (i *inner) drop(*res)   {}
func (r *res) Close()        {}
func (r *res) finalize(*res) {}
func (r *res) clean(int)     {}
func (r res) copied(*res)    {}

// Finalizers.

func literal() *res {
	r := &res{}
	runtime.SetFinalizer(r, func(x *res) { r.Close() }) // want `the finalizer of r holds r itself: it is never collected`
	return r
}

func parameter() *res {
	r := &res{}
	runtime.SetFinalizer(r, func(r *res) { r.Close() })
	return r
}

func expression() *res {
	r := new(res)
	runtime.SetFinalizer(r, (*res).Close)
	return r
}

func method(r *res) {
	runtime.SetFinalizer(r, r.finalize) // want `the finalizer of r holds r itself by way of the method value r.finalize: it is never`
}

func embedded(r *res) {
	runtime.SetFinalizer(r, r.in.drop) // want `the finalizer of r holds r itself by way of the method value r.in.drop`
}

func byValue(r *res) {
	runtime.SetFinalizer(r, r.copied)
}

func variable(r *res) {
	f := func(*res) { println(r.fd) }
	runtime.SetFinalizer(r, f) // want `the finalizer of r holds r itself`
}

func either(r *res, quiet bool) {
	f := func(*res) { println(r.fd) }
	if quiet {
		f = func(*res) {}
	}
	runtime.SetFinalizer(r, f) // want `the finalizer of r holds r itself`
}

func alias(r *res) {
	same := r
	runtime.SetFinalizer(r, func(*res) { same.Close() }) // want `the finalizer of r holds r itself`
}

func value() *res {
	var r res
	runtime.SetFinalizer(&r, func(*res) { r.fd = 0 }) // want `the finalizer of &r holds &r itself`
	return &r
}

func nested(r *res) {
	closer := func() { r.Close() }
	runtime.SetFinalizer(r, func(*res) { closer() }) // want `the finalizer of r holds r itself`
}

func field(r *res) {
	fd := r.fd
	runtime.SetFinalizer(r, func(*res) { println(fd) })
}

func other(r, s *res) {
	runtime.SetFinalizer(r, func(*res) { s.Close() })
}

func wrapped(r *res) {
	w := &struct{ r *res }{r}
	runtime.SetFinalizer(r, func(*res) { w.r.Close() }) // want `the finalizer of r holds r itself`
}

func letGo(r *res) {
	held := r
	runtime.SetFinalizer(r, func(*res) { held.Close() })
	held = nil
}

func number(r *res) {
	addr := uintptr(unsafe.Pointer(r))
	runtime.SetFinalizer(r, func(*res) { println(addr) })
}

func away(r *res) {
	runtime.SetFinalizer(r, nil)
}

// Cleanups.

func cleanLiteral(r *res) {
	runtime.AddCleanup(r, func(int) { r.Close() }, 0) // want `the cleanup of r holds r itself: it is never collected, and the cleanup never runs; pass what it needs as its argument`
}

func cleanMethod(r *res) {
	runtime.AddCleanup(r, r.clean, r.fd) // want `the cleanup of r holds r itself by way of the method value r.clean`
}

func cleanArg(r *res) {
	runtime.AddCleanup(r, func(p *[8]byte) { println(p[0]) }, &r.buf) // want `the argument of the cleanup, &r.buf, holds r: it is never collected`
}

func cleanSlice(r *res) {
	runtime.AddCleanup(r, func(b []byte) { println(b[0]) }, r.buf[:]) // want `the argument of the cleanup, r.buf\[:\], holds r`
}

func cleanSelf(r *res) {
	runtime.AddCleanup(r, (*res).Close, r) // want `runtime.AddCleanup panics: the argument of the cleanup of r is r; pass what the cleanup needs of it`
}

func cleanStruct(r *res) {
	type pair struct {
		r  *res
		fd int
	}
	runtime.AddCleanup(r, func(p pair) { p.r.Close() }, pair{r, 1}) // want `the argument of the cleanup, pair{…}, holds r`
}

func cleanFunc(r *res) {
	runtime.AddCleanup(r, func(f func()) { f() }, r.Close) // want `the argument of the cleanup, r.Close, holds r`
}

func cleanRight(r *res) {
	runtime.AddCleanup(r, func(fd int) { println(fd) }, r.fd)
	runtime.AddCleanup(r, func(w weak.Pointer[res]) { println(w.Value()) }, weak.Make(r))
	runtime.AddCleanup(r, func(n *res) { n.Close() }, r.next)
	runtime.AddCleanup(&r.in, func(fd int) { println(fd) }, r.fd)
}

// In a hot place.

func serve(w http.ResponseWriter, req *http.Request) {
	r := &res{}
	runtime.AddCleanup(r, func(fd int) { println(fd) }, r.fd) // want `AddCleanup makes an object that takes the collector two rounds to free, on every request`
	r.Close()
}

func each(fds []int) {
	for _, fd := range fds {
		r := &res{fd: fd}
		runtime.SetFinalizer(r, (*res).Close) // want `SetFinalizer makes an object .* on every iteration`
		r.Close()
		runtime.SetFinalizer(r, nil)
	}
}

func bad(fds []int) (all []*res) {
	for _, fd := range fds {
		r := &res{fd: fd}
		runtime.SetFinalizer(r, func(*res) { r.Close() }) // want `the finalizer of r holds r itself`
		all = append(all, r)
	}
	return all
}

// Rounds that wait for something, and then make an object with a cleanup each.

type ticket struct{ id int }

type tickets struct{ free chan int }

func (t *tickets) take() *ticket { return &ticket{<-t.free} }

func (t *tickets) each(n int, use func(int)) {
	for range n {
		x := t.take()
		runtime.AddCleanup(x, func(id int) { t.free <- id }, x.id) // want `AddCleanup makes an object .* on every iteration`
		use(x.id)
	}
}

func (t *tickets) first(n int) *ticket {
	for range n {
		x := t.take()
		if x.id < 0 {
			continue
		}
		runtime.AddCleanup(x, func(id int) { t.free <- id }, x.id)
		return x
	}
	return nil
}
