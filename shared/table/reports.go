package table

import (
	"context"
	"errors"
	"fmt"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/feature/dynamodb/attributevalue"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb"
	"github.com/aws/aws-sdk-go-v2/service/dynamodb/types"

	"github.com/minim-dev/minim/shared/fault"
	"github.com/minim-dev/minim/shared/report"
)

// Reports stores the records of reports; their files are in S3. It is safe
// for concurrent use.
type Reports struct {
	db   *dynamodb.Client
	name string
}

// NewReports returns the reports kept in the table called name.
func NewReports(db *dynamodb.Client, name string) *Reports { return &Reports{db, name} }

type reportItem struct {
	ID        string `dynamodbav:"id"`
	Owner     string `dynamodbav:"owner"`
	Period    string `dynamodbav:"period"`
	Date      string `dynamodbav:"date"`
	CreatedAt string `dynamodbav:"createdAt"`
	Complete  bool   `dynamodbav:"complete"`
	Clicks    int64  `dynamodbav:"clicks"`
	Before    int64  `dynamodbav:"before"`
	Links     int64  `dynamodbav:"links"`
	Files     string `dynamodbav:"files,omitempty"`
}

// Put records a report, unless a record of the same id exists that is as new or
// newer. It reports whether the record is s, also if an earlier attempt wrote it.
func (r *Reports) Put(ctx context.Context, s report.Summary) (recorded bool, err error) {
	item, err := attributevalue.MarshalMap(reportItem{
		ID: s.ID, Owner: s.Owner, Period: s.Period, Date: s.Date, CreatedAt: stamp(s.CreatedAt), Complete: s.Complete,
		Clicks: s.Totals.Clicks, Before: s.Totals.Before, Links: s.Totals.Links, Files: s.Files,
	})
	if err != nil {
		return false, fmt.Errorf("encode report %s: %w", s.ID, err)
	}
	_, err = r.db.PutItem(ctx, &dynamodb.PutItemInput{
		TableName:                           &r.name,
		Item:                                item,
		ConditionExpression:                 aws.String("attribute_not_exists(id) OR createdAt < :createdAt"),
		ExpressionAttributeValues:           map[string]types.AttributeValue{":createdAt": item["createdAt"]},
		ReturnValuesOnConditionCheckFailure: types.ReturnValuesOnConditionCheckFailureAllOld,
	})
	if refused, ok := errors.AsType[*types.ConditionalCheckFailedException](err); ok {
		return s.Files != "" && textOf(refused.Item["files"]) == s.Files, nil
	}
	if err != nil {
		return false, fmt.Errorf("put report %s: %w", s.ID, err)
	}
	return true, nil
}

// Get returns a report's latest record, or a NotFound fault.
func (r *Reports) Get(ctx context.Context, id string) (report.Summary, error) {
	out, err := r.db.GetItem(ctx, &dynamodb.GetItemInput{
		TableName:      &r.name,
		Key:            idKey(id),
		ConsistentRead: aws.Bool(true), // the files of an older record may be gone
	})
	if err != nil {
		return report.Summary{}, fmt.Errorf("get report %s: %w", id, err)
	}
	if out.Item["owner"] == nil { // absent, or the claim on a mail
		return report.Summary{}, fault.New(fault.NotFound, "There is no such report.")
	}
	return readReport(out.Item)
}

// List returns up to limit reports of an owner, newest first, from behind the
// position after ("" is the start), and the position of the last one when
// there may be more.
func (r *Reports) List(ctx context.Context, owner, after string, limit int) (found []report.Summary, next string, err error) {
	items, next, err := byOwner(ctx, r.db, r.name, owner, after, limit)
	if err != nil {
		return nil, "", err
	}
	found = make([]report.Summary, len(items))
	for i, item := range items {
		if found[i], err = readReport(item); err != nil {
			return nil, "", err
		}
	}
	return found, next, nil
}

// ClaimMail claims the right to mail a report. It succeeds once, and again after
// ReturnMail.
func (r *Reports) ClaimMail(ctx context.Context, id string) (mine bool, err error) {
	err = transact(ctx, r.db, types.TransactWriteItem{Put: &types.Put{
		TableName: &r.name, Item: mailClaim(id, false),
		ConditionExpression:       aws.String("attribute_not_exists(id) OR returned = :returned"),
		ExpressionAttributeValues: map[string]types.AttributeValue{":returned": &types.AttributeValueMemberBOOL{Value: true}},
	}})
	if refusedAt(err, 0) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("claim the mail of report %s: %w", id, err)
	}
	return true, nil
}

// ReturnMail returns the claim on a mail that could not be sent.
func (r *Reports) ReturnMail(ctx context.Context, id string) error {
	if _, err := r.db.PutItem(ctx, &dynamodb.PutItemInput{TableName: &r.name, Item: mailClaim(id, true)}); err != nil {
		return fmt.Errorf("return the mail of report %s: %w", id, err)
	}
	return nil
}

// mailClaim is the claim on a report's mail. It is an item of its own, so that
// writing the report again does not change it.
func mailClaim(id string, returned bool) map[string]types.AttributeValue {
	item := idKey(reportMail(id))
	item["returned"] = &types.AttributeValueMemberBOOL{Value: returned}
	return item
}

func readReport(item map[string]types.AttributeValue) (report.Summary, error) {
	var read reportItem
	if err := attributevalue.UnmarshalMap(item, &read); err != nil {
		return report.Summary{}, fmt.Errorf("decode report: %w", err)
	}
	createdAt, err := parseStamp(read.CreatedAt)
	if err != nil {
		return report.Summary{}, fmt.Errorf("decode report %s: %w", read.ID, err)
	}
	return report.Summary{
		ID: read.ID, Owner: read.Owner, Period: read.Period, Date: read.Date, CreatedAt: createdAt, Complete: read.Complete,
		Totals: report.Totals{Clicks: read.Clicks, Before: read.Before, Links: read.Links}, Files: read.Files,
	}, nil
}
