// Package xcontent reads and writes JSON the way Elasticsearch does: a pull
// parser with Jackson's positions and messages, object parsers with
// Elasticsearch's coercions and error texts, and ordered objects.
package xcontent

import (
	"maps"
	"slices"
)

// Number is a JSON number as it is written.
type Number string

// Object is a JSON object that keeps its keys in the order of their arrival.
// Values are *Object, []any, string, Number, bool and nil.
type Object struct {
	keys []string
	vals map[string]any
}

// NewObject makes an object of alternating names and values.
func NewObject(namesAndValues ...any) *Object {
	o := &Object{vals: make(map[string]any, len(namesAndValues)/2)}
	for i := 0; i+1 < len(namesAndValues); i += 2 {
		o.Set(namesAndValues[i].(string), namesAndValues[i+1])
	}
	return o
}

// Len returns the number of keys.
func (o *Object) Len() int { return len(o.keys) }

// Keys returns the keys in order. The caller must not change them.
func (o *Object) Keys() []string { return o.keys }

// Get returns the value of key, nil where there is none.
func (o *Object) Get(key string) any { return o.vals[key] }

// Has reports whether there is such a key.
func (o *Object) Has(key string) bool {
	_, ok := o.vals[key]
	return ok
}

// String returns the value of key where it is a string, else "".
func (o *Object) String(key string) string {
	s, _ := o.vals[key].(string)
	return s
}

// Object returns the value of key where it is an object, else nil.
func (o *Object) Object(key string) *Object {
	v, _ := o.vals[key].(*Object)
	return v
}

// Set sets a key, at the end where it is new.
func (o *Object) Set(key string, value any) *Object {
	if _, ok := o.vals[key]; !ok {
		o.keys = append(o.keys, key)
	}
	o.vals[key] = value
	return o
}

// SetIf sets a key unless the value is nil.
func (o *Object) SetIf(key string, value any) *Object {
	if value == nil {
		return o
	}
	return o.Set(key, value)
}

// Delete removes a key.
func (o *Object) Delete(key string) {
	if !o.Has(key) {
		return
	}
	delete(o.vals, key)
	o.keys = slices.DeleteFunc(slices.Clone(o.keys), func(k string) bool { return k == key })
}

// Path returns the value below o at the given keys, nil where there is none.
func (o *Object) Path(keys ...string) any {
	var v any = o
	for _, k := range keys {
		obj, ok := v.(*Object)
		if !ok {
			return nil
		}
		v = obj.Get(k)
	}
	return v
}

// Clone returns a deep copy.
func (o *Object) Clone() *Object {
	c := &Object{keys: slices.Clone(o.keys), vals: maps.Clone(o.vals)}
	for k, v := range c.vals {
		c.vals[k] = CloneValue(v)
	}
	return c
}

// CloneValue returns a deep copy of a value.
func CloneValue(v any) any {
	switch v := v.(type) {
	case *Object:
		return v.Clone()
	case []any:
		c := make([]any, len(v))
		for i := range v {
			c[i] = CloneValue(v[i])
		}
		return c
	}
	return v
}

// Replace is a change that takes the place of what is there, also where both
// are objects.
type Replace struct{ Value any }

// Merge writes changes into o as Elasticsearch's update API does: objects are
// merged key by key, everything else is replaced. It reports whether anything
// became different.
func (o *Object) Merge(changes *Object) bool {
	modified := false
	for _, k := range changes.keys {
		change := changes.vals[k]
		if r, ok := change.(Replace); ok {
			o.Set(k, CloneValue(r.Value))
			modified = true
			continue
		}
		old, has := o.vals[k]
		if !has {
			o.Set(k, CloneValue(change))
			modified = true
			continue
		}
		oldObj, ok1 := old.(*Object)
		newObj, ok2 := change.(*Object)
		if ok1 && ok2 {
			merged := oldObj.Merge(newObj)
			modified = modified || merged
			continue
		}
		if !Equal(old, change) {
			modified = true
		}
		o.Set(k, CloneValue(change))
	}
	return modified
}

// Equal compares two values as Java compares what it parsed: an integer is
// never equal to a floating-point number, and the order of keys is of no
// account.
func Equal(a, b any) bool {
	switch a := a.(type) {
	case *Object:
		b, ok := b.(*Object)
		if !ok || a.Len() != b.Len() {
			return false
		}
		for k, v := range a.vals {
			w, has := b.vals[k]
			if !has || !Equal(v, w) {
				return false
			}
		}
		return true
	case []any:
		b, ok := b.([]any)
		return ok && slices.EqualFunc(a, b, Equal)
	case Number:
		b, ok := b.(Number)
		return ok && NormalNumber(string(a)) == NormalNumber(string(b))
	}
	return a == b
}
