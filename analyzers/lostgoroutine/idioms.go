package lostgoroutine

func (f *finder) idioms()    {}
