package table

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/session"
)

// sessionPage is how many sessions one query returns.
const sessionPage = 100

// Sessions keeps sessions and sign-ins under way, without their tokens.
type Sessions struct {
	db   *dynamodb.Client
	name string
}

// NewSessions returns the sessions kept in the named table.
func NewSessions(db *dynamodb.Client, name string) *Sessions { return &Sessions{db: db, name: name} }

var errNoSession = fault.New(fault.NotFound, "There is no such session.")

// Create stores a new session.
func (s *Sessions) Create(ctx context.Context, made session.Session) error {
	item, err := attributevalue.MarshalMap(sessionItem{
		ID: made.ID, Owner: made.Owner(), Issuer: made.Issuer, Subject: made.Subject, Email: made.Email, SignOut: made.SignOut,
		CreatedAt: stamp(made.CreatedAt), UsedAt: stamp(made.UsedAt), ExpiresAt: stamp(made.ExpiresAt), TTL: made.ExpiresAt.Unix(),
	})
	if err != nil {
		return fmt.Errorf("encode session: %w", err)
	}
	// Its ID is random, so there is none yet.
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.name, Item: item}); err != nil {
		return fmt.Errorf("create session: %w", err)
	}
	return nil
}

// Get returns a session, or a NotFound fault if there is none or it has expired. The read is consistent: a
// session that has been deleted is never returned.
func (s *Sessions) Get(ctx context.Context, id string, now time.Time) (session.Session, error) {
	out, err := s.db.GetItem(ctx, &dynamodb.GetItemInput{TableName: &s.name, Key: idKey(id), ConsistentRead: aws.Bool(true)})
	if err != nil {
		return session.Session{}, fmt.Errorf("get session: %w", err)
	}
	if out.Item == nil {
		return session.Session{}, errNoSession
	}
	found, err := decodeSession(out.Item)
	if err != nil {
		return session.Session{}, err
	}
	if !found.Active(now) {
		return session.Session{}, errNoSession
	}
	return found, nil
}

// Use stores that a session is used, unless it has been deleted meanwhile.
func (s *Sessions) Use(ctx context.Context, used session.Session) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.name, Key: idKey(used.ID),
		UpdateExpression:         aws.String("SET usedAt = :used, expiresAt = :expires, #ttl = :ttl"),
		ConditionExpression:      aws.String("attribute_exists(id) AND usedAt < :used"),
		ExpressionAttributeNames: map[string]string{"#ttl": "ttl"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":used": textValue(stamp(used.UsedAt)), ":expires": textValue(stamp(used.ExpiresAt)), ":ttl": numberValue(used.ExpiresAt.Unix()),
		},
	})
	if err != nil && !conditionFailed(err) {
		return fmt.Errorf("extend session: %w", err)
	}
	return nil
}

// Delete ends a session; it is no error if there is none.
func (s *Sessions) Delete(ctx context.Context, id string) error {
	if _, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.name, Key: idKey(id)}); err != nil {
		return fmt.Errorf("delete session: %w", err)
	}
	return nil
}

// List returns an owner's active sessions, newest first. It reads an index: a session may be missing in
// the first second.
func (s *Sessions) List(ctx context.Context, owner string, now time.Time) ([]session.Session, error) {
	sessions := []session.Session{}
	for after := ""; ; {
		items, next, err := byOwner(ctx, s.db, s.name, owner, after, sessionPage)
		if err != nil {
			return nil, err
		}
		for _, item := range items {
			found, err := decodeSession(item)
			if err != nil {
				return nil, err
			}
			if found.Active(now) {
				sessions = append(sessions, found)
			}
		}
		if after = next; after == "" {
			return sessions, nil
		}
	}
}

// Begin stores a sign-in under way.
func (s *Sessions) Begin(ctx context.Context, begun session.SignIn) error {
	item, err := attributevalue.MarshalMap(signInItem{
		ID: signInID(begun.ID), Browser: begun.Browser, Nonce: begun.Nonce, Verifier: begun.Verifier, To: begun.To,
		ExpiresAt: stamp(begun.ExpiresAt), TTL: begun.ExpiresAt.Unix(),
	})
	if err != nil {
		return fmt.Errorf("encode sign-in: %w", err)
	}
	if _, err := s.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &s.name, Item: item}); err != nil {
		return fmt.Errorf("begin sign-in: %w", err)
	}
	return nil
}

// Complete deletes a sign-in and returns it, or a NotFound fault if there is none, it is of another
// browser or has expired. It succeeds once.
func (s *Sessions) Complete(ctx context.Context, id, browser string, now time.Time) (session.SignIn, error) {
	out, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{
		TableName: &s.name, Key: idKey(signInID(id)), ReturnValues: types.ReturnValueAllOld,
		ConditionExpression:       aws.String("browser = :browser AND expiresAt > :now"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":browser": textValue(browser), ":now": textValue(stamp(now))},
	})
	if conditionFailed(err) {
		return session.SignIn{}, fault.New(fault.NotFound, "There is no such sign-in.")
	}
	if err != nil {
		return session.SignIn{}, fmt.Errorf("complete sign-in: %w", err)
	}
	var item signInItem
	if err := attributevalue.UnmarshalMap(out.Attributes, &item); err != nil {
		return session.SignIn{}, fmt.Errorf("decode sign-in: %w", err)
	}
	begun := session.SignIn{ID: id, Browser: item.Browser, Nonce: item.Nonce, Verifier: item.Verifier, To: item.To}
	if begun.ExpiresAt, err = parseStamp(item.ExpiresAt); err != nil {
		return session.SignIn{}, fmt.Errorf("decode sign-in: %w", err)
	}
	return begun, nil
}

type sessionItem struct {
	ID        string `dynamodbav:"id"`
	Owner     string `dynamodbav:"owner"`
	Issuer    string `dynamodbav:"issuer"`
	Subject   string `dynamodbav:"subject"`
	Email     string `dynamodbav:"email,omitempty"`
	SignOut   string `dynamodbav:"signOut,omitempty"`
	CreatedAt string `dynamodbav:"createdAt"`
	UsedAt    string `dynamodbav:"usedAt"`
	ExpiresAt string `dynamodbav:"expiresAt"`
	TTL       int64  `dynamodbav:"ttl"`
}

type signInItem struct {
	ID        string `dynamodbav:"id"`
	Browser   string `dynamodbav:"browser"`
	Nonce     string `dynamodbav:"nonce"`
	Verifier  string `dynamodbav:"verifier"`
	To        string `dynamodbav:"to"`
	ExpiresAt string `dynamodbav:"expiresAt"`
	TTL       int64  `dynamodbav:"ttl"`
}

func decodeSession(attributes map[string]types.AttributeValue) (session.Session, error) {
	var item sessionItem
	if err := attributevalue.UnmarshalMap(attributes, &item); err != nil {
		return session.Session{}, fmt.Errorf("decode session: %w", err)
	}
	s := session.Session{ID: item.ID, Person: session.Person{Issuer: item.Issuer, Subject: item.Subject, Email: item.Email}, SignOut: item.SignOut}
	var wrong [3]error
	s.CreatedAt, wrong[0] = parseStamp(item.CreatedAt)
	s.UsedAt, wrong[1] = parseStamp(item.UsedAt)
	s.ExpiresAt, wrong[2] = parseStamp(item.ExpiresAt)
	if err := errors.Join(wrong[:]...); err != nil {
		return session.Session{}, fmt.Errorf("decode session: %w", err)
	}
	return s, nil
}
