package source

import (
	"net/url"
	"path/filepath"
	"strconv"
	"strings"
)

// Split splits a place "file", "file:line" or "file:line:column". The name of the file
// may contain colons; what is not there is 0.
func Split(place string) (file string, line, col int) {
	rest, last, ok := cutNumber(place)
	if !ok {
		return place, 0, 0
	}
	file, line, ok = cutNumber(rest)
	if !ok {
		return rest, last, 0
	}
	return file, line, last
}

func cutNumber(s string) (rest string, n int, ok bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 {
		return s, 0, false
	}
	n, err := strconv.Atoi(s[i+1:])
	if err != nil {
		return s, 0, false
	}
	return s[:i], n, true
}

// URI returns the file: URI of an absolute path.
func URI(file string) string {
	path := filepath.ToSlash(file)
	if !strings.HasPrefix(path, "/") {
		path = "/" + path // a drive
	}
	return (&url.URL{Scheme: "file", Path: path}).String()
}
