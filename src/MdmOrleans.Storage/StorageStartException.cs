namespace MdmOrleans.Storage;

/// <summary>The server must not start on this storage. The message is one sentence for the operator, without secrets.</summary>
public abstract class StorageStartException : Exception
{
    protected StorageStartException()
    {
    }

    protected StorageStartException(string message)
        : base(message)
    {
    }

    protected StorageStartException(string message, Exception innerException)
        : base(message, innerException)
    {
    }
}
