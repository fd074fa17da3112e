package r02

import (
	"fmt"
	"sync"
)

var argsPool = sync.Pool{New: func() any { s := make([]any, 0, 8); return &s }}

func Log(format string, kv map[string]any) string {
	p := argsPool.Get().(*[]any)
	args := *p
	for k, v := range kv {
		args = append(args, k, v)
	}
	s := fmt.Sprintf(format, args...)
	*p = args[:0] // want `args\[:0\] keeps the old any values reachable from argsPool; clear\(args\) first`
	argsPool.Put(p)
	return s
}

func Log2(format string, kv map[string]any) string {
	p := argsPool.Get().(*[]any)
	for k, v := range kv {
		*p = append(*p, k, v)
	}
	s := fmt.Sprintf(format, *p...)
	*p = (*p)[:0] // want `\(\*p\)\[:0\] keeps the old any values reachable from argsPool; clear\(\*p\) first`
	argsPool.Put(p)
	return s
}

func Log3(format string, kv map[string]any) string {
	p := argsPool.Get().(*[]any)
	defer func() {
		*p = (*p)[:0] // want `\(\*p\)\[:0\] keeps the old any values reachable from argsPool; clear\(\*p\) first`
		argsPool.Put(p)
	}()
	for k, v := range kv {
		*p = append(*p, k, v)
	}
	return fmt.Sprintf(format, *p...)
}

func put(p *[]any) {
	*p = (*p)[:0] // want `\(\*p\)\[:0\] keeps the old any values reachable from argsPool; clear\(\*p\) first`
	argsPool.Put(p)
}

func Log4(format string, kv map[string]any) string {
	p := argsPool.Get().(*[]any)
	defer put(p)
	for k, v := range kv {
		*p = append(*p, k, v)
	}
	return fmt.Sprintf(format, *p...)
}
