package conv

import "unsafe"

func String(b []byte) string { // want String:"shares memory with its argument"
	if len(b) == 0 {
		return ""
	}
	return unsafe.String(&b[0], len(b))
}

func Bytes(s string) []byte { // want Bytes:"shares memory with its argument"
	return unsafe.Slice(unsafe.StringData(s), len(s))
}

func Old(b []byte) string { // want Old:"shares memory with its argument"
	return *(*string)(unsafe.Pointer(&b))
}

func Copy(b []byte) string { return string(b) }

func Sometimes(b []byte, safe bool) string {
	if safe {
		return string(b)
	}
	return unsafe.String(unsafe.SliceData(b), len(b))
}
