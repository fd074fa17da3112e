package lostgoroutine

func (f *finder) idioms()    {}
func (f *finder) scenarios() {}
