package main

import (
	"crypto/sha256"
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

const maxKey = 255 // bytes of an idempotency key

// newReceipt says what was asked; the answer is still to come.
func newReceipt(owner, key string, draft link.Draft) (table.Receipt, error) {
	if len(key) > maxKey {
		return table.Receipt{}, fault.Fields(fault.Field{
			Name: "Idempotency-Key", Message: fmt.Sprintf("It has %d bytes; at most %d are allowed.", len(key), maxKey),
		})
	}
	content, err := json.Marshal(draft)
	if err != nil {
		return table.Receipt{}, fmt.Errorf("digest the request: %w", err)
	}
	request := fmt.Sprintf("POST /api/links %x", sha256.Sum256(content))
	return table.Receipt{Owner: owner, Key: key, Request: request}, nil
}

// complete adds the answer: the new link.
func complete(asked table.Receipt, view link.View) (table.Receipt, error) {
	tag, err := view.ETag()
	if err != nil {
		return table.Receipt{}, err
	}
	body, err := json.Marshal(view)
	if err != nil {
		return table.Receipt{}, fmt.Errorf("encode link: %w", err)
	}
	asked.Status, asked.Body = http.StatusCreated, string(body)
	asked.Headers = map[string]string{"Location": "/api/links/" + view.Code, "ETag": tag}
	return asked, nil
}

func respond(answer table.Receipt) web.Response {
	response := web.JSON(answer.Status, json.RawMessage(answer.Body))
	for name, value := range answer.Headers {
		response = response.With(name, value)
	}
	return response
}
