package cognito

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider"
	"github.com/aws/aws-sdk-go-v2/service/cognitoidentityprovider/types"
	"github.com/aws/smithy-go"
	"golang.org/x/oauth2"
)

// awsClient returns a client of the AWS SDK.
func (w *world) awsClient() *cognitoidentityprovider.Client {
	server := httptest.NewServer(w.pools.API())
	w.t.Cleanup(server.Close)
	return cognitoidentityprovider.New(cognitoidentityprovider.Options{
		Region: "us-east-1", BaseEndpoint: &server.URL, Credentials: credentials.NewStaticCredentialsProvider("local", "x", ""), RetryMaxAttempts: 1,
	})
}

func failureOf(err error) string {
	if failure, ok := errors.AsType[smithy.APIError](err); ok {
		return failure.ErrorCode()
	}
	return ""
}

// Administration with the AWS SDK.
func TestAdministration(t *testing.T) {
	w := newWorld(t, nil)
	c, ctx, pool := w.awsClient(), t.Context(), &w.pool.ID
	ada := aws.String("ada@example.com")
	made, err := c.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{
		UserPoolId: pool, Username: ada, MessageAction: types.MessageActionTypeSuppress,
		UserAttributes: []types.AttributeType{{Name: aws.String("email_verified"), Value: aws.String("true")}},
	})
	if err != nil || made.User.UserStatus != types.UserStatusTypeForceChangePassword || !made.User.Enabled || made.User.UserCreateDate == nil || len(w.sent) != 0 {
		t.Fatalf("%+v, %v", made, err)
	}
	_, err = c.AdminCreateUser(ctx, &cognitoidentityprovider.AdminCreateUserInput{UserPoolId: pool, Username: ada})
	if failureOf(err) != "UsernameExistsException" {
		t.Errorf("again: %v", err)
	}
	set := func(password string) error {
		_, err := c.AdminSetUserPassword(ctx, &cognitoidentityprovider.AdminSetUserPasswordInput{UserPoolId: pool, Username: ada, Password: &password, Permanent: true})
		return err
	}
	if err := set("short"); failureOf(err) != "InvalidPasswordException" {
		t.Errorf("a short password: %v", err)
	}
	if err := set(secret); err != nil {
		t.Fatal(err)
	}
	if _, err := c.AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{UserPoolId: pool, Username: ada, GroupName: aws.String("admins")}); err != nil {
		t.Error(err)
	}
	_, err = c.AdminAddUserToGroup(ctx, &cognitoidentityprovider.AdminAddUserToGroupInput{UserPoolId: pool, Username: ada, GroupName: aws.String("none")})
	if failureOf(err) != "ResourceNotFoundException" {
		t.Errorf("an unknown group: %v", err)
	}
	groups, err := c.AdminListGroupsForUser(ctx, &cognitoidentityprovider.AdminListGroupsForUserInput{UserPoolId: pool, Username: ada})
	if err != nil || len(groups.Groups) != 1 || *groups.Groups[0].GroupName != "admins" {
		t.Errorf("groups %+v, %v", groups, err)
	}
	token := w.tokens("spa", *ada)
	if claims := claimsOf(t, token.AccessToken); claims["cognito:groups"].([]any)[0] != "admins" {
		t.Errorf("claims %v", claims)
	}
	got, err := c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: ada})
	if err != nil || got.UserStatus != types.UserStatusTypeConfirmed || len(got.UserAttributes) != 3 || *got.Username != *made.User.Username {
		t.Errorf("%+v, %v", got, err)
	}
	for filter, want := range map[string]int{`email = "ada@example.com"`: 1, `email ^= "ada"`: 1, `email = "ada"`: 0, `"sub"="x"`: 0, "": 1} {
		list, err := c.ListUsers(ctx, &cognitoidentityprovider.ListUsersInput{UserPoolId: pool, Filter: aws.String(filter)})
		if err != nil || len(list.Users) != want {
			t.Errorf("%s: %+v, %v", filter, list, err)
		}
	}
	if _, err = c.ListUsers(ctx, &cognitoidentityprovider.ListUsersInput{UserPoolId: pool, Filter: aws.String("email")}); failureOf(err) != "InvalidParameterException" {
		t.Errorf("a filter without a value: %v", err)
	}
}

// Users who are signed out, disabled or deleted have no sessions.
func TestEndOfUsers(t *testing.T) {
	w := newWorld(t, nil)
	c, ctx, pool := w.awsClient(), t.Context(), &w.pool.ID
	ada := aws.String("ada@example.com")
	w.person(*ada)
	token := w.tokens("spa", *ada)
	refresh := func() error {
		_, err := w.client("spa").TokenSource(ctx, &oauth2.Token{RefreshToken: token.RefreshToken}).Token()
		return err
	}
	if err := refresh(); err != nil {
		t.Error(err)
	}
	if _, err := c.AdminUserGlobalSignOut(ctx, &cognitoidentityprovider.AdminUserGlobalSignOutInput{UserPoolId: pool, Username: ada}); err != nil || refresh() == nil {
		t.Errorf("signed out everywhere, but not here: %v", err)
	}
	token = w.tokens("spa", *ada)
	if _, err := c.AdminDisableUser(ctx, &cognitoidentityprovider.AdminDisableUserInput{UserPoolId: pool, Username: ada}); err != nil || refresh() == nil {
		t.Errorf("disabled, but not here: %v", err)
	}
	browser := w.visitor()
	if on := w.submit(browser, w.login(browser), "username", *ada, "password", secret); on.status != http.StatusBadRequest {
		t.Errorf("a disabled user signs in: %d %s", on.status, on.at)
	}
	if _, err := c.AdminEnableUser(ctx, &cognitoidentityprovider.AdminEnableUserInput{UserPoolId: pool, Username: ada}); err != nil {
		t.Error(err)
	}
	w.tokens("spa", *ada)
	if _, err := c.AdminDeleteUser(ctx, &cognitoidentityprovider.AdminDeleteUserInput{UserPoolId: pool, Username: ada}); err != nil {
		t.Error(err)
	}
	_, err := c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: pool, Username: ada})
	if failureOf(err) != "UserNotFoundException" {
		t.Errorf("a deleted user: %v", err)
	}
	_, err = c.AdminGetUser(ctx, &cognitoidentityprovider.AdminGetUserInput{UserPoolId: aws.String("us-east-1_Other"), Username: ada})
	if failureOf(err) != "ResourceNotFoundException" {
		t.Errorf("another pool: %v", err)
	}
	if _, err = c.DescribeUserPool(ctx, &cognitoidentityprovider.DescribeUserPoolInput{UserPoolId: pool}); failureOf(err) != "UnknownOperationException" {
		t.Errorf("an unknown call: %v", err)
	}
}

func TestListUsersInPages(t *testing.T) {
	w := newWorld(t, nil)
	for _, name := range []string{"a@example.com", "b@example.com", "c@example.com"} {
		w.person(name)
	}
	pages := cognitoidentityprovider.NewListUsersPaginator(w.awsClient(), &cognitoidentityprovider.ListUsersInput{UserPoolId: &w.pool.ID, Limit: aws.Int32(2)})
	found := 0
	for pages.HasMorePages() {
		page, err := pages.NextPage(t.Context())
		if err != nil {
			t.Fatal(err)
		}
		found += len(page.Users)
	}
	if found != 3 {
		t.Errorf("%d users", found)
	}
}
