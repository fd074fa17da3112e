package a

import "news"

// The loop ends when the feed has closed the channel.
func printAll(f *news.Feed) {
	l := f.Subscribe()
	for s := range l.Events() {
		println(s)
	}
}

func printTo(f *news.Feed, last string) {
	l := f.Subscribe() // want `l is not ended on the path that returns at line \d+|l is never ended`
	for s := range l.Events() {
		if s == last {
			return
		}
	}
}
