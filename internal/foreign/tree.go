package foreign

import (
	"reflect"
	"slices"
	"sync"
)

// Shown returns a report, or any part of one, as people may see it: each text
// in it is made visible, as a line, or as a block where the field has the tag
// text:"block". What needs no change is shared with v, which stays as it is.
func Shown[T any](v T) T {
	return each(v, func(text string, k kind) string {
		if k == block {
			return Block(text)
		}
		return Line(text)
	})
}

// Redact returns a report, or any part of one, without secrets. Fields with the
// tag text:"own" are left alone, and so are words of a type of their own: they
// are esconform's own, such as the ids of its scenarios. What needs no change
// is shared with v, which stays as it is.
func Redact[T any](s *Secrets, v T) T {
	if s.None() {
		return v
	}
	return each(v, func(text string, k kind) string {
		if k == own {
			return text
		}
		return s.Redact(text)
	})
}

// kind says what a text is.
type kind int

const (
	line  kind = iota
	block      // has line breaks
	own        // written by us
)

var kinds = map[string]kind{"block": block, "own": own}

// each returns v with f applied to every text in it.
func each[T any](v T, f func(string, kind) string) T {
	if changed, ok := walk(reflect.ValueOf(&v).Elem(), line, f); ok {
		return changed.Interface().(T)
	}
	return v
}

// walk returns a changed copy of v, or false where nothing in it changes.
func walk(v reflect.Value, k kind, f func(string, kind) string) (reflect.Value, bool) {
	switch v.Kind() {
	case reflect.String:
		if v.Type() != stringType {
			k = own
		}
		text := v.String()
		if changed := f(text, k); changed != text {
			return reflect.ValueOf(changed).Convert(v.Type()), true
		}
	case reflect.Pointer, reflect.Interface:
		if v.IsNil() {
			break
		}
		if changed, ok := walk(v.Elem(), k, f); ok {
			if v.Kind() == reflect.Interface {
				return changed, true
			}
			p := reflect.New(v.Type().Elem())
			p.Elem().Set(changed)
			return p, true
		}
	case reflect.Struct:
		return walkStruct(v, f)
	case reflect.Slice, reflect.Array:
		return walkList(v, k, f)
	case reflect.Map:
		return walkMap(v, k, f)
	}
	return v, false
}

func walkStruct(v reflect.Value, f func(string, kind) string) (reflect.Value, bool) {
	out, copied := v, false
	for _, field := range fieldsOf(v.Type()) {
		changed, ok := walk(v.Field(field.index), field.kind, f)
		if !ok {
			continue
		}
		if !copied {
			out, copied = reflect.New(v.Type()).Elem(), true
			out.Set(v)
		}
		out.Field(field.index).Set(changed)
	}
	return out, copied
}

func walkList(v reflect.Value, k kind, f func(string, kind) string) (reflect.Value, bool) {
	if !holdsText(v.Type().Elem()) {
		return v, false
	}
	out, copied := v, false
	for i := range v.Len() {
		changed, ok := walk(v.Index(i), k, f)
		if !ok {
			continue
		}
		if !copied {
			out, copied = reflect.New(v.Type()).Elem(), true
			if v.Kind() == reflect.Slice {
				out.Set(reflect.MakeSlice(v.Type(), v.Len(), v.Len()))
			}
			reflect.Copy(out, v)
		}
		out.Index(i).Set(changed)
	}
	return out, copied
}

func walkMap(v reflect.Value, k kind, f func(string, kind) string) (reflect.Value, bool) {
	out, copied := v, false
	for it := v.MapRange(); it.Next(); {
		key, otherKey := walk(it.Key(), k, f)
		value, otherValue := walk(it.Value(), k, f)
		if !otherKey && !otherValue {
			continue
		}
		if !copied {
			out, copied = reflect.MakeMap(v.Type()), true
			for it := v.MapRange(); it.Next(); {
				out.SetMapIndex(it.Key(), it.Value())
			}
		}
		out.SetMapIndex(it.Key(), reflect.Value{})
		out.SetMapIndex(key, value)
	}
	return out, copied
}

var stringType = reflect.TypeFor[string]()

// field is an exported field that may hold texts.
type field struct {
	index int
	kind  kind
}

var structs sync.Map // of reflect.Type to []field

func fieldsOf(t reflect.Type) []field {
	if known, ok := structs.Load(t); ok {
		return known.([]field)
	}
	var fields []field
	for i := range t.NumField() {
		if f := t.Field(i); f.IsExported() && holdsText(f.Type) {
			fields = append(fields, field{i, kinds[f.Tag.Get("text")]})
		}
	}
	structs.Store(t, fields)
	return fields
}

// holdsText reports whether values of a type may hold texts. A type that holds
// itself may.
func holdsText(t reflect.Type) bool {
	return !slices.Contains(textless, t.Kind()) && (t.Kind() != reflect.Slice || holdsText(t.Elem()))
}

var textless = []reflect.Kind{
	reflect.Bool, reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64,
	reflect.Uint, reflect.Uint8, reflect.Uint16, reflect.Uint32, reflect.Uint64, reflect.Uintptr,
	reflect.Float32, reflect.Float64, reflect.Complex64, reflect.Complex128, reflect.Chan, reflect.Func, reflect.UnsafePointer,
}
