package a

import "news"

// What is left is delivered, and then no more.
func answers(f *news.Feed, n int) ([]string, error) {
	l, err := f.SubscribeLine()
	if err != nil {
		return nil, err
	}
	defer l.Drain()
	var all []string
	for range n {
		s, err := l.Next()
		if err != nil {
			return all, err
		}
		all = append(all, s)
	}
	return all, nil
}

func answer(f *news.Feed) (string, error) {
	l, err := f.SubscribeLine() // want `l is never ended`
	if err != nil {
		return "", err
	}
	return l.Next()
}
