package fault

import (
	"net/http"
	"slices"
	"strings"

	"github.com/esconform/esconform/internal/reference"
	"github.com/esconform/esconform/internal/reference/xcontent"
)

// The effects in this file change what is answered.

// answer changes an answer, or replaces it.
func answer(change func(*call, *response) *response) effect {
	return step{serve: func(c *call, plain func() *response) *response { return change(c, plain()) }}.effect
}

// after does something once the answer is known.
func after(do func(*call, *response)) effect {
	return answer(func(c *call, r *response) *response {
		do(c, r)
		return r
	})
}

// respond changes answers of one status.
func respond(status int, change func(*call, *response)) effect {
	return after(func(c *call, r *response) {
		if r.Status == status {
			change(c, r)
		}
	})
}

// replace answers something else in place of answers of one kind.
func replace(when test, by func(*call) *response) effect {
	return answer(func(c *call, r *response) *response {
		if when(r) {
			return by(c)
		}
		return r
	})
}

// instead answers the same in place of all answers of one status.
func instead(from, to int, body any) effect { return insteadOf(status(from), to, body) }

func insteadOf(when test, to int, body any) effect {
	return replace(when, func(*call) *response { return reference.NewResponse(to, xcontent.CloneValue(body)) })
}

// respondError answers an error in place of answers of one status.
func respondError(from int, err func(*call) *failure) effect {
	return replace(status(from), func(c *call) *response { return reference.ErrorResponse(c, err(c)) })
}

// restatus changes the status of an answer, in its body, too.
func restatus(from, to int) effect { return restatusOf(status(from), to) }

func restatusOf(when test, to int) effect {
	return after(func(_ *call, r *response) {
		if !when(r) {
			return
		}
		r.Status = to
		if o, ok := r.Body.(*object); ok && o.Has("status") {
			o.Set("status", number(int64(to)))
		}
	})
}

// rebody replaces the body of answers of one status.
func rebody(status int, body any) effect {
	return respond(status, func(_ *call, r *response) { r.Body = xcontent.CloneValue(body) })
}

// editAnswer changes the object that is the body of answers of one status.
func editAnswer(status int, do change) effect {
	return respond(status, func(_ *call, r *response) {
		if o, ok := r.Body.(*object); ok {
			do(o)
		}
	})
}

// editError changes the error object of answers of one status.
func editError(status int, do change) effect {
	return editAnswer(status, func(body *object) {
		if e := body.Object("error"); e != nil {
			do(e)
		}
	})
}

// withCauses are an error object and those in its root cause.
func withCauses(e *object) []*object {
	list, _ := e.Get("root_cause").([]any)
	errors := []*object{e}
	for _, v := range list {
		errors = append(errors, v.(*object))
	}
	return errors
}

// errorLacks takes a member from errors.
func errorLacks(status int, member string) effect { return editError(status, unset(member)) }

// retype changes the type of an error, in its root cause, too. An empty from
// stands for any type.
func retype(status int, from, to string) effect {
	return editError(status, func(e *object) {
		if from == "" || e.String("type") == from {
			for _, o := range withCauses(e) {
				o.Set("type", to)
			}
		}
	})
}

// retypeOf changes the type of an error whose reason has a part.
func retypeOf(part, to string) effect {
	return editError(400, func(e *object) {
		if strings.Contains(e.String("reason"), part) {
			e.Set("type", to)
		}
	})
}

// rereason changes the reason of an error and of its root cause.
func rereason(status int, by func(c *call, reason string) string) effect {
	return respond(status, func(c *call, r *response) {
		if body, ok := r.Body.(*object); ok && body.Object("error") != nil {
			for _, o := range withCauses(body.Object("error")) {
				o.Set("reason", by(c, o.String("reason")))
			}
		}
	})
}

// reasonIs gives errors another reason.
func reasonIs(status int, reason string) effect {
	return rereason(status, func(*call, string) string { return reason })
}

// reasonOf gives errors another reason where theirs has a part.
func reasonOf(part string, by func(reason string) string) effect {
	has := func(reason string) bool { return strings.Contains(reason, part) }
	return rereason(400, func(_ *call, reason string) string { return where(has, by)(reason) })
}

// reword replaces a text in everything that an answer says.
func reword(status int, from, to string) effect {
	return respond(status, func(_ *call, r *response) { r.Body = reworded(r.Body, from, to) })
}

func reworded(body any, from, to string) any {
	return walk(body, texts(func(s string) string { return strings.ReplaceAll(s, from, to) }))
}

// Conditions on answers.

func anyAnswer(*response) bool      { return true }
func successful(r *response) bool   { return r.Status < 400 }
func unsuccessful(r *response) bool { return r.Status >= 400 }

func status(are ...int) test {
	return func(r *response) bool { return slices.Contains(are, r.Status) }
}

// tells holds for answers of a status whose body has a part.
func tells(is int, part string) test {
	return func(r *response) bool {
		_, isObject := r.Body.(*object)
		return isObject && r.Status == is && strings.Contains(text(r.Body), part)
	}
}

// resultIs holds for answers with a result.
func resultIs(result string) test {
	return func(r *response) bool {
		o, ok := r.Body.(*object)
		return ok && o.String("result") == result
	}
}

// sends sets a header of answers; an empty value removes it.
func sends(when test, name, value string) effect {
	return after(func(_ *call, r *response) {
		switch {
		case !when(r):
		case value == "":
			r.Header[http.CanonicalHeaderKey(name)] = nil
		default:
			r.Header.Set(name, value)
		}
	})
}

func productIs(when test, value string) effect { return sends(when, "X-Elastic-Product", value) }
func typeIs(when test, value string) effect    { return sends(when, "Content-Type", value) }

const plainText = "text/plain; charset=UTF-8"
