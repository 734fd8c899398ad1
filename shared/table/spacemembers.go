package table

import (
	"context"
	"fmt"
	"maps"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/space"
)

// mailsKept is how long the number of a day's invitations is kept.
const mailsKept = 48 * time.Hour

var (
	errNoInvitation  = fault.New(fault.NotFound, "There is no such invitation. It may have been accepted or revoked, or it has expired.")
	errMember        = fault.New(fault.Conflict, "You are a member of this space already.")
	errFull          = fault.New(fault.Conflict, fmt.Sprintf("The space has %d members, the most that are possible.", space.MaxMembers))
	errTooManySpaces = fault.New(fault.Conflict, fmt.Sprintf("You are in %d spaces, the most that are possible. Leave one first.", space.MaxSpaces))
	errTooManyMails  = fault.New(fault.Conflict, fmt.Sprintf("You have sent %d invitations today, the most that are possible. Please try again tomorrow.", space.MaxMails))
	errLastAdmin     = fault.New(fault.Conflict, "The space needs an admin. Make somebody else admin first.")
	errMemberChanged = fault.New(fault.Conflict, "Somebody else has changed this member. Please try again.")
)

// Create stores a new space with its first member, an admin. If the person is in space.MaxSpaces already, it is a
// Conflict fault.
func (s *Spaces) Create(ctx context.Context, made space.Space, admin space.Member) error {
	item := spaceKey(made.ID, spaceItem)
	maps.Copy(item, map[string]types.AttributeValue{
		"name": textValue(made.Name), "createdAt": textValue(stamp(made.CreatedAt)), "members": numberValue(1), "admins": numberValue(1),
	})
	err := transact(ctx, s.db,
		types.TransactWriteItem{Put: &types.Put{TableName: &s.name, Item: item}}, // its ID is random, so there is none yet
		s.joins(made.ID, admin), s.lists(made.ID, admin.Person))
	if refusedAt(err, 2) {
		return errTooManySpaces
	}
	if err != nil {
		return fmt.Errorf("create space: %w", err)
	}
	return nil
}

// Rename changes the name of a space. If there is none, it is a NotFound fault.
func (s *Spaces) Rename(ctx context.Context, id, name string) error {
	_, err := s.db.UpdateItem(ctx, &dynamodb.UpdateItemInput{
		TableName: &s.name, Key: spaceKey(id, spaceItem),
		UpdateExpression:          aws.String("SET #name = :name"),
		ConditionExpression:       aws.String("attribute_exists(#name)"),
		ExpressionAttributeNames:  map[string]string{"#name": "name"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":name": textValue(name)},
	})
	if conditionFailed(err) {
		return errNoSpace
	}
	if err != nil {
		return fmt.Errorf("rename space: %w", err)
	}
	return nil
}

// Invite stores an invitation, and counts those that its sender has sent on that day: beyond space.MaxMails it is a
// Conflict fault.
func (s *Spaces) Invite(ctx context.Context, made space.Invitation) error {
	item := spaceKey(made.Space, invitationPrefix+made.ID)
	maps.Copy(item, map[string]types.AttributeValue{
		"email": textValue(made.Email), "role": textValue(string(made.Role)), "by": textValue(made.By), "createdAt": textValue(stamp(made.CreatedAt)),
		"expiresAt": textValue(stamp(made.ExpiresAt)), "ttl": numberValue(made.ExpiresAt.Unix()),
	})
	err := transact(ctx, s.db,
		types.TransactWriteItem{Put: &types.Put{TableName: &s.name, Item: item}}, // its ID is random, so there is none yet
		types.TransactWriteItem{Update: &types.Update{
			TableName: &s.name, Key: spaceKey(made.By, mailsPrefix+day(made.CreatedAt)),
			UpdateExpression:         aws.String("SET #ttl = :ttl ADD #mails :one"),
			ConditionExpression:      aws.String("attribute_not_exists(#mails) OR #mails < :most"),
			ExpressionAttributeNames: map[string]string{"#mails": "mails", "#ttl": "ttl"},
			ExpressionAttributeValues: map[string]types.AttributeValue{
				":one": numberValue(1), ":most": numberValue(space.MaxMails), ":ttl": numberValue(made.CreatedAt.Add(mailsKept).Unix()),
			},
		}})
	if refusedAt(err, 1) {
		return errTooManyMails
	}
	if err != nil {
		return fmt.Errorf("store invitation: %w", err)
	}
	return nil
}

// Revoke deletes an invitation; it is no error if there is none.
func (s *Spaces) Revoke(ctx context.Context, id, invitation string) error {
	if _, err := s.db.DeleteItem(ctx, &dynamodb.DeleteItemInput{TableName: &s.name, Key: spaceKey(id, invitationPrefix+invitation)}); err != nil {
		return fmt.Errorf("revoke invitation: %w", err)
	}
	return nil
}

// Join makes somebody a member by an invitation, which it deletes: it works once. Without the invitation it is a
// NotFound fault; for a member, a full space, or a person in space.MaxSpaces it is a Conflict fault.
func (s *Spaces) Join(ctx context.Context, by space.Invitation, joined space.Member) error {
	err := transact(ctx, s.db,
		types.TransactWriteItem{Delete: &types.Delete{
			TableName: &s.name, Key: spaceKey(by.Space, invitationPrefix+by.ID),
			ConditionExpression:       aws.String("expiresAt > :now AND #role = :role"),
			ExpressionAttributeNames:  map[string]string{"#role": "role"},
			ExpressionAttributeValues: map[string]types.AttributeValue{":now": textValue(stamp(joined.JoinedAt)), ":role": textValue(string(joined.Role))},
		}},
		s.joins(by.Space, joined),
		s.counts(by.Space, 1, admins(joined.Role)),
		s.lists(by.Space, joined.Person))
	switch {
	case refusedAt(err, 0):
		return errNoInvitation
	case refusedAt(err, 1):
		return errMember
	case refusedAt(err, 2):
		return errFull
	case refusedAt(err, 3):
		return errTooManySpaces
	case err != nil:
		return fmt.Errorf("join space: %w", err)
	}
	return nil
}

// SetRole changes the role of a member. If that is another one than was read, or the last admin, it is a Conflict fault.
func (s *Spaces) SetRole(ctx context.Context, id string, was space.Member, role space.Role) error {
	return s.change(ctx, types.TransactWriteItem{Update: &types.Update{
		TableName: &s.name, Key: spaceKey(id, memberPrefix+was.Person),
		UpdateExpression:         aws.String("SET #role = :role"),
		ConditionExpression:      aws.String("#role = :was"),
		ExpressionAttributeNames: map[string]string{"#role": "role"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":role": textValue(string(role)), ":was": textValue(string(was.Role)),
		},
	}}, s.counts(id, 0, admins(role)-admins(was.Role)))
}

// Remove removes a member. If their role is another one than was read, or they are the last admin, it is a Conflict fault.
func (s *Spaces) Remove(ctx context.Context, id string, was space.Member) error {
	return s.change(ctx, types.TransactWriteItem{Delete: &types.Delete{
		TableName: &s.name, Key: spaceKey(id, memberPrefix+was.Person),
		ConditionExpression:       aws.String("#role = :was"),
		ExpressionAttributeNames:  map[string]string{"#role": "role"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":was": textValue(string(was.Role))},
	}}, s.counts(id, -1, -admins(was.Role)), types.TransactWriteItem{Update: &types.Update{
		TableName: &s.name, Key: spaceKey(was.Person, personItem),
		UpdateExpression:          aws.String("DELETE #spaces :ids"),
		ExpressionAttributeNames:  map[string]string{"#spaces": "spaces"},
		ExpressionAttributeValues: map[string]types.AttributeValue{":ids": &types.AttributeValueMemberSS{Value: []string{id}}},
	}})
}

// change writes a member first, then the numbers of the space, and whatever else.
func (s *Spaces) change(ctx context.Context, writes ...types.TransactWriteItem) error {
	err := transact(ctx, s.db, writes...)
	switch {
	case refusedAt(err, 0):
		return errMemberChanged
	case refusedAt(err, 1):
		return errLastAdmin
	case err != nil:
		return fmt.Errorf("change member of a space: %w", err)
	}
	return nil
}

func admins(role space.Role) int64 {
	if role == space.Admin {
		return 1
	}
	return 0
}

// joins is the write of a new member.
func (s *Spaces) joins(id string, m space.Member) types.TransactWriteItem {
	item := spaceKey(id, memberPrefix+m.Person)
	maps.Copy(item, map[string]types.AttributeValue{
		"email": textValue(m.Email), "role": textValue(string(m.Role)), "joinedAt": textValue(stamp(m.JoinedAt)),
	})
	return types.TransactWriteItem{Put: &types.Put{
		TableName: &s.name, Item: item, ConditionExpression: aws.String("attribute_not_exists(#space)"), ExpressionAttributeNames: map[string]string{"#space": "space"},
	}}
}

// lists is the write that adds a space to those of a person, who may have space.MaxSpaces.
func (s *Spaces) lists(id, person string) types.TransactWriteItem {
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &s.name, Key: spaceKey(person, personItem),
		UpdateExpression:         aws.String("ADD #spaces :ids"),
		ConditionExpression:      aws.String("attribute_not_exists(#spaces) OR size(#spaces) < :most"),
		ExpressionAttributeNames: map[string]string{"#spaces": "spaces"},
		ExpressionAttributeValues: map[string]types.AttributeValue{
			":ids": &types.AttributeValueMemberSS{Value: []string{id}}, ":most": numberValue(space.MaxSpaces),
		},
	}}
}

// counts is the write of a space's numbers of members and admins. Its condition fails beyond space.MaxMembers, and
// for the last admin: concurrent requests change the same item, so it holds for them, too.
func (s *Spaces) counts(id string, members, admins int64) types.TransactWriteItem {
	condition, values := "attribute_exists(#members)", map[string]types.AttributeValue{":members": numberValue(members), ":admins": numberValue(admins)}
	if members > 0 {
		condition, values[":most"] = "#members < :most", numberValue(space.MaxMembers)
	}
	if admins < 0 {
		condition, values[":last"] = "#admins > :last", numberValue(1)
	}
	return types.TransactWriteItem{Update: &types.Update{
		TableName: &s.name, Key: spaceKey(id, spaceItem),
		UpdateExpression:          aws.String("ADD #members :members, #admins :admins"),
		ConditionExpression:       &condition,
		ExpressionAttributeNames:  map[string]string{"#members": "members", "#admins": "admins"},
		ExpressionAttributeValues: values,
	}}
}
