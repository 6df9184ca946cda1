#!/bin/sh
# Merges the target branch of a pull request into the branch that is checked out, with gitmerge-ai
# on. Hosts ignore merge drivers, so "this branch has conflicts" on their pages is git's own answer.
#
#     merge-base.sh TARGET [push]
#
# Exits with 0 when it merges (and, with `push`, is pushed); 1 when conflicts are left, which it lists
# and takes back, or when something was lost; 2 on errors.
set -u
target=${1:?usage: merge-base.sh TARGET [push]}
remote=${REMOTE:-origin}

fail() { echo "merge-base: $1" >&2; exit 2; }

git fetch -q "$remote" "+refs/heads/$target:refs/remotes/$remote/$target" || fail "cannot fetch $target"
tip=$(git rev-parse -q --verify "refs/remotes/$remote/$target") || fail "there is no branch $target"
git merge-base "$tip" HEAD >/dev/null ||
    fail "no common history with $target: check out with the whole history (fetch-depth: 0)"
gitmerge-ai install >/dev/null || fail "gitmerge-ai cannot be switched on"
git config user.name >/dev/null || git config user.name "gitmerge-ai"
git config user.email >/dev/null || git config user.email "gitmerge-ai@localhost"

if git merge-base --is-ancestor "$tip" HEAD; then
    echo "$target is merged already"
elif git merge -q --no-edit -m "Merge $target" "$tip"; then
    gitmerge-ai review || true
    gitmerge-ai check --commit HEAD || exit 1
    test "${2:-}" = push || exit 0
    git push -q "$remote" "HEAD:${BRANCH:?push needs BRANCH, the branch to push to}" || fail "cannot push"
else
    git diff --name-only --diff-filter=U | sed 's/^/conflict: /'
    git merge --abort || fail "the merge could not be made"
    exit 1
fi
