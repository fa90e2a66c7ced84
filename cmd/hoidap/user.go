package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"strings"
	"text/tabwriter"
	"time"

	"github.com/spf13/cobra"

	"github.com/hoidap/hoidap/config"
	roles "github.com/hoidap/hoidap/gateway/access"
	"github.com/hoidap/hoidap/gateway/console"
	"github.com/hoidap/hoidap/gateway/control"
	"github.com/hoidap/hoidap/gateway/store"
)

// userCommand keeps who may use the console.
func userCommand() *cobra.Command {
	c := &cobra.Command{
		Use:   "user",
		Short: "Say who may use the console, and let people in",
		Long: `Works on the Redis of a configuration, whether a gateway runs or not: it is the way in where nobody can sign in.
Somebody who is added gets a link, which works once within three days, to choose a password.`,
		Example: "  hoidap user add lan@shop.vn --role marketer\n  hoidap user link lan@shop.vn\n  hoidap user list\n  hoidap user remove lan@shop.vn",
	}
	onlySubcommands(c)
	var role, display string
	add := userSubcommand("add NAME", "Let somebody in, with a role, and print the link where they choose a password", "  hoidap user add lan@shop.vn --role marketer", 1,
		func(ctx context.Context, u *userDesk, args []string, out io.Writer) error {
			return u.add(ctx, args[0], role, display, out)
		})
	add.Flags().StringVar(&role, "role", "viewer", "what they may do: viewer, agent, marketer, admin")
	add.Flags().StringVar(&display, "display", "", "how others see them")
	c.AddCommand(add,
		userSubcommand("link NAME", "Print another link where somebody chooses a password", "  hoidap user link lan@shop.vn", 1,
			func(ctx context.Context, u *userDesk, args []string, out io.Writer) error {
				return u.link(ctx, args[0], out)
			}),
		userSubcommand("list", "List who may use the console", "  hoidap user list", 0,
			func(ctx context.Context, u *userDesk, _ []string, out io.Writer) error { return u.list(ctx, out) }),
		userSubcommand("remove NAME", "Let somebody in no more", "  hoidap user remove lan@shop.vn", 1,
			func(ctx context.Context, u *userDesk, args []string, out io.Writer) error {
				return said(u.control.RemoveUser(ctx, strings.ToLower(args[0]), ""))
			}))
	return c
}

// userDesk is where users are kept.
type userDesk struct {
	control *control.Service
	origin  string // of the console, as the world sees it
}

func userSubcommand(use, short, example string, args int, do func(context.Context, *userDesk, []string, io.Writer) error) *cobra.Command {
	var file string
	c := &cobra.Command{
		Use: use, Short: short, Example: example, Args: cobra.ExactArgs(args),
		RunE: func(cmd *cobra.Command, args []string) (err error) {
			u, closing, err := openUserDesk(cmd.Context(), file, newLog(cmd.ErrOrStderr(), false))
			if err != nil {
				return err
			}
			defer func() { err = errors.Join(err, closing()) }()
			return do(roles.As(cmd.Context(), roles.Program()), u, args, cmd.OutOrStdout())
		},
	}
	c.Flags().StringVar(&file, "config", "hoidap.yaml", "the configuration")
	return c
}

func openUserDesk(ctx context.Context, file string, log *slog.Logger) (*userDesk, func() error, error) {
	c, problems := config.Load(file, os.Getenv, os.ReadFile)
	if len(problems) > 0 {
		return nil, nil, exitError{code: exitUsage, err: errors.New(problems.Error())}
	}
	o := redisOf(c)
	o.Log = log
	s, err := store.Open(ctx, o)
	if err != nil {
		return nil, nil, err
	}
	return &userDesk{&control.Service{Store: s, Now: time.Now, Log: log}, strings.TrimSuffix(c.HTTP.PublicURL, "/")}, s.Close, nil
}

func (u *userDesk) add(ctx context.Context, name, role, display string, out io.Writer) error {
	r, err := roles.ParseRole(role)
	if err != nil {
		return exitError{code: exitUsage, err: err}
	}
	name = strings.ToLower(name)
	if _, err := u.control.User(ctx, name); !errors.Is(err, control.ErrNotFound) {
		if err == nil {
			err = fmt.Errorf("there is a user %q already; \"hoidap user link %s\" prints another link for them", name, name)
		}
		return err
	}
	return u.invite(ctx, control.User{Name: name, Role: r, Display: display}, out)
}

func (u *userDesk) link(ctx context.Context, name string, out io.Writer) error {
	known, err := u.control.User(ctx, strings.ToLower(name))
	if err != nil {
		return said(err)
	}
	return u.invite(ctx, known, out)
}

func (u *userDesk) invite(ctx context.Context, who control.User, out io.Writer) error {
	code, err := u.control.Invite(ctx, who)
	if err != nil {
		return said(err)
	}
	fmt.Fprintf(out, "For %s, once, within three days:\n  %s%s%s\n", who.Name, u.origin, console.WelcomePath, code)
	return nil
}

func (u *userDesk) list(ctx context.Context, out io.Writer) error {
	users, err := u.control.Users(ctx)
	if err != nil {
		return said(err)
	}
	if len(users) == 0 {
		fmt.Fprintln(out, "Nobody may use the console yet: add somebody with \"hoidap user add NAME --role admin\".")
		return nil
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "NAME\tROLE\tSINCE\t")
	for _, x := range users {
		since := x.Created.Format(time.DateOnly)
		if x.Invited {
			since += ", has not signed in yet"
		}
		fmt.Fprintf(w, "%s\t%s\t%s\t\n", x.Name, x.Role, since)
	}
	return w.Flush()
}

// said gives control's errors their exit code and leaves out the word that their kind says.
func said(err error) error {
	switch {
	case err == nil:
		return nil
	case errors.Is(err, control.ErrInvalid), errors.Is(err, control.ErrNotFound):
		return exitError{code: exitUsage, err: errors.New(control.Sentence(err))}
	}
	return err
}
