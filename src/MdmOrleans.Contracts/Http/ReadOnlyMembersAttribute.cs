namespace MdmOrleans.Contracts.Http;

/// <summary>Members that only the server writes: taken in a request and ignored, so that what GET gave can be edited and sent back.</summary>
[AttributeUsage(AttributeTargets.Class)]
public sealed class ReadOnlyMembersAttribute(params string[] names) : Attribute
{
    public IReadOnlyList<string> Names { get; } = names;
}
