//go:build ignore

// proof: behaviour no-reset

package main

import (
	"encoding/json"
	"sync"
)

type order struct {
	Item   string `json:"item"`
	Coupon string `json:"coupon"`
}

var orders = sync.Pool{New: func() any { return new(order) }}

func acquire() *order { return orders.Get().(*order) }

func release(o *order) {
	*o = order{}
	orders.Put(o)
}

// coupon returns the coupon of one request.
func coupon(body string) string {
	o := acquire()
	defer release(o)
	if err := json.Unmarshal([]byte(body), o); err != nil {
		return ""
	}
	return o.Coupon
}

func run() string {
	// A pool may drop an object: ask often enough.
	for range 100 {
		coupon(`{"item":"tea","coupon":"HALF"}`)
		if got := coupon(`{"item":"coffee"}`); got != "" {
			return "bad: an order without a coupon got " + got
		}
	}
	return "ok"
}

func main() { println(run()) }
