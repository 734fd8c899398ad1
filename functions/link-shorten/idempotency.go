package main

import (
	"encoding/json"
	"fmt"
	"net/http"

	"github.com/minim-dev/minim/shared/link"
	"github.com/minim-dev/minim/shared/table"
	"github.com/minim-dev/minim/shared/web"
)

// newRecord returns a record of what was asked, still without the answer.
func newRecord(owner, key string, draft link.Draft) (table.IdempotencyRecord, error) {
	if key == "" {
		return table.IdempotencyRecord{Owner: owner}, nil
	}
	digest, err := draft.Digest(owner + "\x00" + key)
	if err != nil {
		return table.IdempotencyRecord{}, err
	}
	return table.IdempotencyRecord{Owner: owner, Key: key, Request: "POST /api/links " + digest}, nil
}

// complete adds the answer: the new link.
func complete(asked table.IdempotencyRecord, view link.View) (table.IdempotencyRecord, error) {
	tag, err := view.ETag()
	if err != nil {
		return table.IdempotencyRecord{}, err
	}
	body, err := json.Marshal(view)
	if err != nil {
		return table.IdempotencyRecord{}, fmt.Errorf("encode link: %w", err)
	}
	asked.Status, asked.Body = http.StatusCreated, string(body)
	asked.Headers = map[string]string{"Location": "/api/links/" + view.Code, "ETag": tag}
	return asked, nil
}

func respond(answer table.IdempotencyRecord) web.Response {
	response := web.JSON(answer.Status, json.RawMessage(answer.Body))
	for name, value := range answer.Headers {
		response = response.With(name, value)
	}
	return response
}
