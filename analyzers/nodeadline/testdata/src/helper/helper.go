// Package helper makes clients and servers for other packages.
package helper

import (
	"net/http"
	"time"
)

func NewClient() *http.Client { // want NewClient:`unlimited`
	return &http.Client{}
}

func NewLimited() *http.Client {
	return &http.Client{Timeout: time.Second}
}

func Limit(srv *http.Server) { // want Limit:`sets`
	srv.ReadTimeout = time.Second
}
