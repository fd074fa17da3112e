//go:build ignore

// What may fail comes before the goroutine is started.

package main

import (
	"errors"
	"time"
)

type order struct {
	sku      string
	quantity int
}

func (o order) validate() error {
	if o.quantity <= 0 {
		return errors.New("nothing ordered")
	}
	return nil
}

type warehouse struct{ prices map[string]float64 }

func (w *warehouse) price(sku string) float64 {
	time.Sleep(time.Millisecond)
	return w.prices[sku]
}

// Quote asks the warehouse while it looks at the order.
func (w *warehouse) Quote(o order) (float64, error) {
	if err := o.validate(); err != nil {
		return 0, err
	}
	price := make(chan float64)
	go func() {
		price <- w.price(o.sku)
	}()
	total := float64(o.quantity)
	return total * <-price, nil
}

func run() {
	w := &warehouse{prices: map[string]float64{"cup": 3}}
	w.Quote(order{"cup", 2})
	w.Quote(order{"cup", 0})
}
